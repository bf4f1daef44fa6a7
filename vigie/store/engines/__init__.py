"""Concrete engines behind the ports; the only place that imports a driver."""
