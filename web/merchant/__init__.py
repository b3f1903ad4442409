"""The merchants' console: shops, goods, orders, money."""
