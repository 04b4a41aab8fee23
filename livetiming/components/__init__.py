"""Everything with a reactor that is no timing service: router, dvr, directory."""
