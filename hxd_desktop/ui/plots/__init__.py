"""Small plots in the window's own colours and font: what is drawn, how, and a widget to read it with."""
