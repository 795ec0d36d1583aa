package paint

// subject is the kind of a picture.
type subject int

const (
	aLandscape subject = iota
	aBeast
	aStill
	aBotanical
	aPond
	aSpace
	anAbstract
	aField // strokes that follow a flow
)

// paint lays the layers of a picture in its way of painting.
func (s *scene) paint() {
	if s.style == Oil {
		s.oil()
	} else {
		compose(s)
	}
	s.finish = s.finishing()
}

// compose decides what the picture shows, and lays its layers.
func compose(s *scene) {
	switch chooseSubject(s.plan) {
	case aBeast:
		s.beast()
	case aStill:
		s.stillLife()
	case aBotanical:
		s.botanical()
	case aPond:
		s.pond()
	case aSpace:
		s.space()
	case anAbstract:
		s.abstract()
	case aField:
		s.field()
	default:
		s.landscape()
	}
}

// chooseSubject takes the prompt's word for it, or the seed's.
func chooseSubject(p Plan) subject {
	land := p.Has(Mountain, Sea, Lake, Forest, City, Desert, Meadow, Snow)
	switch {
	case p.Has(Abstract):
		return anAbstract
	case p.Has(Cat, Dog, Fox, Rabbit, Bear, Panda) && !land:
		return aBeast
	case p.Has(Cube, Sphere, Vase, Fruit, Glass) && !land:
		return aStill
	case p.Has(Fish) && !p.Has(Sea, Mountain, City):
		return aPond
	case p.Has(Space) && !land:
		return aSpace
	case p.Has(Flower, Leaf) && !land:
		return aBotanical
	case land || p.Has(Bird, Person, Boat, House, Lighthouse, Balloon, Tree, Sunrise, Sunset, Sun, Moon, Star, Cloud, Rain, Mist, Aurora, Winter, Autumn):
		return aLandscape
	}
	if p.Has(Ink, Watercolour) && p.Seed>>20%3 > 0 {
		return aLandscape
	}
	open := []subject{aLandscape, aLandscape, aLandscape, aField, anAbstract, aBotanical, aStill, aField}
	return open[p.Seed>>20%uint64(len(open))]
}

// ground is what lies under the sky.
type ground int

const (
	ridges ground = iota
	sea
	lake
	forest
	city
	dunes
	meadow
)

var groundOf = map[Idea]ground{
	Mountain: ridges, Snow: ridges, Sea: sea, Boat: sea, Lake: lake, Forest: forest,
	City: city, Desert: dunes, Lighthouse: sea, Meadow: meadow, House: meadow, Flower: meadow, Rabbit: meadow, Dog: meadow,
}

// chooseGround takes the first ground that the prompt names; a mountain with
// water is a lake.
func chooseGround(p Plan) ground {
	first := p.first(Mountain, Snow, Sea, Lake, Forest, City, Desert, Meadow)
	if first == 0 {
		first = p.first(Boat, Lighthouse, House, Flower, Rabbit, Dog)
	}
	switch {
	case p.Has(Lake), p.Has(Mountain) && p.Has(Sea, Boat):
		return lake
	case first != 0:
		return groundOf[first]
	}
	open := []ground{ridges, ridges, sea, lake, forest, dunes, meadow, city}
	return open[p.Seed>>24%uint64(len(open))]
}
