# llama-cpp-python switches llama.cpp's `common` library on, which its Python binding never loads.
# Included at every project() call, this normal variable outranks the cache entry and spares half of the compiling.
set(LLAMA_BUILD_COMMON OFF)
