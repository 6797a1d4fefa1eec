select bench.confirm_one();
