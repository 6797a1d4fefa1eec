select bench.book_one();
