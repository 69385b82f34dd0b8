"""One module for each shape of portal: pure readers of pages."""
