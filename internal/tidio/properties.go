package tidio

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// PropertyTypes are the types a property may be created with (contract, line 6). The API may send
// others.
var PropertyTypes = []string{"text", "email", "number", "phone", "url"}

// MaxPropertyName is how many characters the name of a property may have (contract, line 6).
const MaxPropertyName = 128

// Property is a custom contact property. The API can list, get and create properties; it cannot
// change or delete one.
type Property struct {
	ID    string
	Name  string // unique in the account, compared byte for byte
	Label string // what people see; the name, if the API sends none
	Type  string
}

func (p Property) identifier() string { return p.ID }

// NewProperty is what a property is created from.
type NewProperty struct {
	Name  string
	Label string // "" = not sent
	Type  string
}

// PropertyList is the account's properties in the API's order.
type PropertyList struct {
	Items []Property

	// Complete is false if the list changed while it was read. Then an item that is not in it may
	// exist all the same.
	Complete bool
}

// ByName returns the property with that name.
func (l PropertyList) ByName(name string) (Property, bool) {
	return l.find(func(p Property) bool { return p.Name == name })
}

// ByID returns the property with that id.
func (l PropertyList) ByID(id string) (Property, bool) {
	return l.find(func(p Property) bool { return p.ID == id })
}

func (l PropertyList) find(match func(Property) bool) (Property, bool) {
	for _, p := range l.Items {
		if match(p) {
			return p, true
		}
	}
	return Property{}, false
}

// CreatedProperty is the result of a create.
type CreatedProperty struct {
	Property

	// Claimed is set if no reply told of the property: it was found after a POST whose outcome was
	// unknown.
	Claimed bool

	// Unconfirmed says why the property could not be read back. It exists; beyond its id, the
	// values are those that were sent.
	Unconfirmed error
}

// propertyJSON is a property on the wire.
type propertyJSON struct {
	ID    str  `json:"id"`
	Name  str  `json:"name"`
	Label *str `json:"label"`
	Type  str  `json:"type"`
}

func (p propertyJSON) identifier() string { return string(p.ID) }

func (p propertyJSON) property() Property {
	made := Property{ID: string(p.ID), Name: string(p.Name), Label: string(p.Name), Type: string(p.Type)}
	if p.Label != nil && *p.Label != "" {
		made.Label = string(*p.Label)
	}
	return made
}

// valid reports whether all is there that must be (contract, line 5).
func (p propertyJSON) valid() bool { return p.ID != "" && p.Name != "" && p.Type != "" }

// answers reports whether there is nothing left to read back of what was sent. A label that nobody
// sent, and that the reply does not have, is none.
func (p propertyJSON) answers(in NewProperty) bool {
	return p.valid() && (p.Label != nil || in.Label == "")
}

// ListProperties returns all properties of the account. They are read once per client, one request
// per page; what this client creates is in the list from then on. The caller must not change it.
func (c *Client) ListProperties(ctx context.Context) (PropertyList, error) {
	items, complete, err := c.properties.all(ctx)
	return PropertyList{Items: items, Complete: complete}, err
}

func (c *Client) readProperties(
	ctx context.Context, goOn func() bool,
) (list []Property, complete bool, err error) {
	broken := false
	complete, err = eachPage(ctx, c, collection("properties"), func(page page[propertyJSON]) bool {
		for _, item := range page.items {
			broken = broken || !item.valid()
			list = append(list, item.property())
		}
		return !broken && goOn()
	})
	if err == nil && broken {
		err = (&Error{Method: http.MethodGet, Path: "properties", Base: c.base}).
			unreadable("a property in the list has no name or no type")
	}
	return list, complete, err
}

// GetProperty reads one property by itself. An error of the kind NotFound says that there is none with that
// id.
func (c *Client) GetProperty(ctx context.Context, id string) (Property, error) {
	r, err := c.do(ctx, http.MethodGet, object("properties", id), nil, nil)
	if err != nil {
		return Property{}, err
	}
	item, err := decodeAs[propertyJSON](r, id)
	if err != nil {
		return Property{}, err
	}
	if !item.valid() {
		return Property{}, r.call.unreadable("the property has no name or no type")
	}
	return item.property(), nil
}

// FindProperty returns one property of the list. So a wrong base URL shows as such, and not as a
// property that is gone: that is an error of the kind NotFound.
func (c *Client) FindProperty(ctx context.Context, id string) (Property, error) {
	return c.properties.find(ctx, id)
}

// CreateProperty creates a property. absent says that a complete list, read before, proved its name
// to be free.
//
// Once the API has accepted the POST it is not sent again, and what else goes wrong is no error as
// long as the property is found. A POST whose outcome is unknown is never replayed blindly: the
// list is looked at, and the property is claimed as ours if it is there as it was sent and was
// proven absent before; only if it is not there is the POST tried again. A name that turns out to
// be taken is an error of the kind Exists.
func (c *Client) CreateProperty(
	ctx context.Context, in NewProperty, absent bool,
) (created CreatedProperty, err error) {
	if err := c.creatingProperties.standing(); err != nil {
		return CreatedProperty{}, err
	}
	defer func() { c.creatingProperties.note(err) }()
	var (
		failed   *Error
		accepted = false // the API said yes, and no more (contract, line 4)
		unknown  = false // whether a POST of ours may have landed
	)
	for retry := 0; ; retry++ {
		if !accepted {
			var created propertyJSON
			if created, failed = c.postProperty(ctx, in); failed == nil {
				made := c.confirmProperty(ctx, in, created)
				c.properties.put(made.Property)
				return made, nil
			}
			accepted = failed.emptySuccess()
		}
		if failed.Kind != Refused && !failed.MaybeLanded {
			failed.MaybeLanded = unknown
			return CreatedProperty{}, failed
		}
		unknown = unknown || failed.MaybeLanded
		failed.MaybeLanded = unknown
		refusal := fmt.Sprint(failed.Status, failed.Message)
		if _, inVain := c.inVain.Load(refusal); inVain && failed.Kind == Refused && !unknown {
			return CreatedProperty{}, failed
		}

		// The write was sent, so it is finished: what became of it is found out even if the user
		// has interrupted.
		existing, found, complete, err := c.lookForProperty(context.WithoutCancel(ctx), in.Name)
		if err != nil {
			return CreatedProperty{}, failed
		}
		switch {
		case found && (accepted || unknown && absent && in.describes(existing)):
			return CreatedProperty{Property: existing, Claimed: true}, nil
		case found:
			failed.Kind, failed.Existing = Exists, &existing
			return CreatedProperty{}, failed
		case failed.Kind == Refused:
			failed.Hidden = complete && meansTaken(failed)
			if !failed.Hidden {
				c.inVain.Store(refusal, true) // what is refused for the same reason is not looked for
			}
			return CreatedProperty{}, failed
		case !complete || retry == c.maxRetries:
			failed.Absent = complete
			return CreatedProperty{}, failed
		}
		if c.transport.Backoff(ctx, retry) != nil {
			return CreatedProperty{}, failed
		}
	}
}

// lookForProperty looks for a name in a list that is read anew, and again if that changed while it
// was read: as it does when this and other creates grow it.
func (c *Client) lookForProperty(ctx context.Context, name string) (p Property, found, complete bool, err error) {
	const looks = 3
	for range looks {
		c.properties.invalidate()
		list, err := c.ListProperties(ctx)
		if err != nil {
			return Property{}, false, false, err
		}
		if p, found = list.ByName(name); found || list.Complete {
			return p, found, list.Complete, nil
		}
	}
	return Property{}, false, false, nil
}

// describes reports whether an existing property is as it would be if in had created it.
func (in NewProperty) describes(p Property) bool {
	return p.Name == in.Name && p.Type == in.Type && (in.Label == "" || p.Label == in.Label)
}

func (c *Client) postProperty(ctx context.Context, in NewProperty) (propertyJSON, *Error) {
	body := struct {
		Name  string `json:"name"`
		Label string `json:"label,omitempty"`
		Type  string `json:"type"`
	}(in)
	r, err := c.do(ctx, http.MethodPost, collection("properties"), nil, body)
	if err != nil {
		return propertyJSON{}, AsError(err)
	}
	item, err := decodeInto[propertyJSON](r)
	if err != nil {
		return propertyJSON{}, AsError(err)
	}
	return item, nil
}

// confirmProperty reads a created property back unless the reply said it all (contract, line 4).
func (c *Client) confirmProperty(ctx context.Context, in NewProperty, created propertyJSON) CreatedProperty {
	if created.answers(in) {
		return CreatedProperty{Property: created.property()}
	}
	read, err := c.GetProperty(ctx, created.identifier())
	if err == nil {
		return CreatedProperty{Property: read}
	}
	sent := Property{ID: created.identifier(), Name: in.Name, Label: in.Label, Type: in.Type}
	if sent.Label == "" {
		sent.Label = sent.Name
	}
	return CreatedProperty{Property: sent, Unconfirmed: err}
}

// meansTaken reports whether a refusal sounds as if the name were taken. The contract has no status
// of its own for that, so the text decides; it only chooses a hint.
func meansTaken(e *Error) bool {
	message := strings.ToLower(e.Message)
	return e.Status == http.StatusConflict || strings.Contains(message, "exist") ||
		strings.Contains(message, "taken") || strings.Contains(message, "unique")
}
