package tidio

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// maxPages bounds a list, whatever the API says: 10,000 pages of 100 are a million items.
const maxPages = 10_000

// identified is an item of a list.
type identified interface {
	identifier() string
}

// envelope is a page of a list (contract: given).
type envelope[T any] struct {
	Data *[]T `json:"data"`
	Meta *struct {
		Total *int `json:"total"`
		Page  *int `json:"page"`
	} `json:"meta"`
}

// page is a part of a list.
type page[T any] struct {
	items []T  // without those that were on a page before
	last  bool // no page follows
	pages int  // how many the list has by what this page says; 0 = it does not say
}

// eachPage reads a list page by page until yield returns false or the list ends (contract, line 2).
// complete is false if the list changed while it was read: then an item may have slipped through,
// and one that is missing is no proof that it does not exist.
func eachPage[T identified](
	ctx context.Context, c *Client, p path, yield func(page[T]) bool,
) (complete bool, err error) {
	var (
		seen     = map[string]bool{}
		received = 0 // with items seen before: that is what the total counts
		total    = -1
	)
	complete = true
	for number := 1; number <= maxPages; number++ {
		query := url.Values{}
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		reply, err := c.do(ctx, http.MethodGet, p, query, nil)
		if err != nil {
			return false, err
		}
		var sent envelope[T]
		if err := decode(reply.body, &sent); err != nil {
			return false, reply.call.unreadable("page %d of the list cannot be read: %w", number, err)
		}
		if sent.Data == nil {
			return false, reply.call.unreadable("page %d of the list has no data", number)
		}
		if sent.Meta != nil && sent.Meta.Page != nil && *sent.Meta.Page != number {
			return false, reply.call.unreadable("page %d was asked for, and page %d came", number, *sent.Meta.Page)
		}
		if sent.Meta != nil && sent.Meta.Total != nil {
			if total >= 0 && total != *sent.Meta.Total {
				complete = false
			}
			total = *sent.Meta.Total
		}
		c.there.Store(p.String(), true)
		if len(*sent.Data) == 0 {
			return complete && received >= total, nil
		}

		fresh := make([]T, 0, len(*sent.Data))
		for _, item := range *sent.Data {
			id := item.identifier()
			if id == "" {
				return false, reply.call.unreadable("an item on page %d of the list has no id", number)
			}
			if !seen[id] {
				seen[id] = true
				fresh = append(fresh, item)
			}
		}
		received += len(*sent.Data)
		if len(fresh) == 0 {
			return false, reply.call.unreadable("page %d of the list holds nothing that was not on a page before", number)
		}
		if len(fresh) < len(*sent.Data) {
			complete = false // somebody inserted an item meanwhile
		}
		last := sent.Meta == nil || total >= 0 && received >= total
		if !yield(page[T]{items: fresh, last: last, pages: pagesOf(total, len(*sent.Data), last)}) {
			return complete, nil
		}
		if last {
			return complete && received >= total, nil
		}
	}
	return false, (&Error{Method: http.MethodGet, Path: p.String(), Base: c.base}).
		unreadable("the list has more than %d pages", maxPages)
}

// pagesOf returns how many pages of a size hold so many items in total; 0 if that is not known.
func pagesOf(total, size int, last bool) int {
	switch {
	case last:
		return 1
	case total < 0:
		return 0
	}
	return (total + size - 1) / size
}

// listOf reads all of a list whose items mean T, unless goOn says after a page that it need not.
func listOf[T any, J identified](
	ctx context.Context, c *Client, p path, meaning func(J) T, goOn func() bool,
) (list []T, complete bool, err error) {
	complete, err = eachPage(ctx, c, p, func(page page[J]) bool {
		list = append(list, meanings(page.items, meaning)...)
		return goOn()
	})
	return list, complete, err
}

// toTheEnd is for a list that is read whatever happens.
func toTheEnd() bool { return true }

func meanings[T, J any](items []J, meaning func(J) T) []T {
	made := make([]T, len(items))
	for i, item := range items {
		made[i] = meaning(item)
	}
	return made
}

// getObject reads one object of a collection. An error of the kind NotFound says that there is none
// with that id: that the collection itself is where it should be has been made sure of then.
func getObject[J identified](ctx context.Context, c *Client, of, id string) (item J, err error) {
	r, err := c.do(ctx, http.MethodGet, object(of, id), nil, nil)
	if IsNotFound(err) {
		if absent := c.isThere(ctx, of); absent != nil {
			return item, absent
		}
	}
	if err != nil {
		return item, err
	}
	c.there.Store(of, true)
	return decodeAs[J](r, id)
}

// isThere makes sure that a collection is where it should be, unless that is known already. Without
// that a 404 on one of its objects does not say that this is gone (contract, line 15).
func (c *Client) isThere(ctx context.Context, of string) error {
	if _, known := c.there.Load(of); known {
		return nil
	}
	_, err := c.do(ctx, http.MethodGet, collection(of), nil, nil)
	if err == nil {
		c.there.Store(of, true)
	}
	return err
}

// decodeAs is the object with an id. A reply about another one is no answer.
func decodeAs[T identified](r reply, id string) (T, error) {
	item, err := decodeInto[T](r)
	if err == nil && item.identifier() != id {
		err = r.call.unreadable("the reply is about another object")
	}
	return item, err
}

// decodeInto is what the reply to a call for a single object holds.
func decodeInto[T identified](r reply) (T, error) {
	var item T
	if err := decodeObject(r.body, &item); err != nil {
		return item, r.call.unreadable("the reply cannot be read: %w", err)
	}
	if item.identifier() == "" {
		return item, r.call.unreadable("the reply has no id")
	}
	return item, nil
}
