"""Sets the project up: uv, the environment, system libraries, llama.cpp. Standard library only, Python 3.8 syntax.

`bootstrap.py` at the top of the checkout is the way in; nothing here is part of the application.
"""
