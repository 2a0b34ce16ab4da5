"""Processes for work that may crash, hang or eat memory: parsers, ONNX models, llama.cpp."""
