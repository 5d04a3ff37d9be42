"""From a graph to a picture: view, measured scene, positions from Graphviz, and SVG, tables or text.

Every step is a function from one frozen value to the next:

``build_view`` → ``build_scene`` → ``layout_key`` and ``lay_out`` → ``draw_image`` → ``render_svg``, beside
``build_tables``, ``describe``, ``render_html`` and ``render_text``.
"""
