"""HTTP, by audience: players' game clients, operators' servers, people in the online account."""
