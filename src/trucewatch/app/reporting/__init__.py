"""Reports of field teams and their pictures: taken in log first, shown made anew."""
