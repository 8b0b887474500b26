package tidiomock

type publishedPropertyJSON struct {
	Name  string  `json:"name"`
	Label *string `json:"label"`
	Type  string  `json:"type"`
}

func (m *Mock) publishedPropertyRoutes() []*route {
	list := publishedListing(m, &m.store.properties, inventProperty)
	list.keep = func(p *property) bool { return !p.hidden }
	return []*route{
		m.cursorRoute("/contact-properties", "properties", func(*call) collection {
			return listOf(m, list)
		}),
	}
}

func (p *property) published(m *Mock) any {
	return m.trim(publishedPropertyJSON{p.Name, orNull(&p.Label), p.Type}, "name", "type")
}
