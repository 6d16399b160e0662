"""What is known of a repository's files: found by parser processes, kept between reviews."""
