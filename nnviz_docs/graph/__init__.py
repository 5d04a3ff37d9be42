"""What a traced model is: nested data, nodes, edges and scopes, and their JSON form."""
