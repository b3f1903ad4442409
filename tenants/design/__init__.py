"""How a marketplace's storefront looks: its theme, its first page and its menus, drafted, previewed and published."""
