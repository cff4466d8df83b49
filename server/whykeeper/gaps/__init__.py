"""Questions nobody could answer: kept on this machine, grouped, shown as documents worth writing."""
