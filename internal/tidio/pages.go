package tidio

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"github.com/tidio-community/terraform-provider-tidio/internal/listcache"
)

// maxPages limits the length of a list: 10,000 pages of 100 are a million items.
const maxPages = 10_000

// pager reads a list page by page. It is not safe for concurrent use.
type pager[T any] struct {
	client *Client
	noun   noun[T]
	path   path
	filter url.Values // sent with each page

	number     int // how many pages were read
	query      url.Values
	queries    map[string]bool // the queries that were sent, URL-encoded
	seen       map[string]bool // ids
	received   int             // items including repeated ones, to compare with total
	total      int             // -1 = not reported
	incomplete bool
}

func newPager[T any](c *Client, n noun[T], p path) *pager[T] {
	return &pager[T]{
		client: c, noun: n, path: p, total: -1, seen: map[string]bool{}, queries: map[string]bool{},
	}
}

// next reads the next page; after an error, it reads the same page again. A list that changed during the
// read is incomplete: an item may have been missed, so a missing item does not prove that it does not
// exist.
func (p *pager[T]) next(ctx context.Context) (read listcache.Page[T], err error) {
	number := p.number + 1
	r, err := p.client.do(ctx, http.MethodGet, p.path, merge(p.filter, p.query), nil)
	if err != nil {
		return read, err
	}
	sent := page[T]{total: -1}
	if r.call.Status != http.StatusNoContent { // an empty list
		if sent, err = p.noun.page(r.body, number); err != nil {
			return read, r.bad("page %d of the list cannot be read: %w", number, err)
		}
	}
	ids := map[string]bool{}
	fresh := make([]T, 0, len(sent.items))
	for _, item := range sent.items {
		id := p.noun.id(item)
		switch {
		case id == "":
			return read, r.bad("an item on page %d of the list has no id", number)
		case !p.seen[id] && !ids[id]:
			fresh = append(fresh, item)
		}
		ids[id] = true
	}
	switch {
	case len(fresh) == 0 && sent.next != nil:
		return read, r.bad("page %d of the list has only items from earlier pages", number)
	case p.queries[sent.next.Encode()]:
		return read, r.bad("page %d of the list leads back to an earlier page", number)
	case number == maxPages:
		return read, r.bad("the list has more than %d pages", maxPages)
	}

	// Only now record the page: after an error above, it is read again.
	p.client.verified.Store(p.path.String(), true)
	maps.Copy(p.seen, ids)
	p.received += len(sent.items)
	if len(fresh) < len(sent.items) || p.total >= 0 && sent.total >= 0 && p.total != sent.total {
		p.incomplete = true // somebody added or removed an item during the read
	}
	if sent.total >= 0 {
		p.total = sent.total
	}
	last := sent.next == nil || p.total >= 0 && p.received >= p.total
	if last && p.total >= 0 && p.received != p.total {
		p.incomplete = true
	}
	p.number, p.query = number, sent.next
	p.queries[sent.next.Encode()] = true
	return listcache.Page[T]{
		Items: fresh, Last: last, Pages: pagesOf(p.total, len(sent.items), last, number), Incomplete: p.incomplete,
	}, nil
}

// pagesOf returns how many pages the list has, from its total and the page size; 0 if that is unknown.
func pagesOf(total, size int, last bool, number int) int {
	switch {
	case last:
		return number
	case total < 0 || size == 0:
		return 0
	}
	return (total + size - 1) / size
}

// eachPage reads a list page by page until keepReading returns false or the list ends.
func eachPage[T any](
	ctx context.Context, c *Client, n noun[T], p path, keepReading func(items []T, last bool) bool,
) (complete bool, err error) {
	pages := newPager(c, n, p)
	for {
		page, err := pages.next(ctx)
		if err != nil {
			return false, err
		}
		if !keepReading(page.Items, page.Last) || page.Last {
			return !page.Incomplete, nil
		}
	}
}

// all reads the list to its end.
func (p *pager[T]) all(ctx context.Context) (items []T, complete bool, err error) {
	for {
		page, err := p.next(ctx)
		if err != nil {
			return nil, false, err
		}
		items = append(items, page.Items...)
		if page.Last {
			return items, !page.Incomplete, nil
		}
	}
}

// merge returns the values of a and b.
func merge(a, b url.Values) url.Values {
	merged := url.Values{}
	maps.Copy(merged, a)
	maps.Copy(merged, b)
	return merged
}

// readAll reads a whole list.
func readAll[T any](ctx context.Context, c *Client, n noun[T], p path) (items []T, complete bool, err error) {
	return newPager(c, n, p).all(ctx)
}
