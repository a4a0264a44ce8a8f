// Nothing: what is compiled of it are the headers before it.
