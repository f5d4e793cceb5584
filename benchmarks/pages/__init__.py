"""Made-up web pages in many styles, of which it is known which words are the article's."""
