"""Who owes reports, and how their portals list them. Nothing here touches the network."""
