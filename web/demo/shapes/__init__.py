"""Still-lifes by theme; each function draws one kind of thing on a plane of 400 by 400."""
