select bench.cancel_one();
