package main

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/tidio-community/terraform-provider-tidio/internal/cmd/engine"
)

// weather runs a command while the storm rages, and counts what of the storm it met. ids are those
// of what is managed, by address.
func (c *campaign) weather(
	ctx context.Context, s storm, ids map[string]string, args ...string,
) (engine.Result, error) {
	c.heard.reset("$ terraform " + strings.Join(args, " "))
	waiting, over := context.WithCancel(ctx)
	defer over()
	type moment struct {
		acts    []act
		reached chan struct{}
		release chan struct{}
	}
	var moments []moment
	for _, g := range s {
		if g.lag > 0 {
			c.mock.SetReadLag(g.lag)
			continue
		}
		fault := g.fault
		if g.acts != nil {
			m := moment{g.acts, make(chan struct{}, 1), make(chan struct{})}
			fault.Reached, fault.Release = m.reached, m.release
			moments = append(moments, m)
		}
		c.mock.Arm(fault)
	}
	command, err := c.space.Start(ctx, args...)
	if err != nil {
		return engine.Result{}, err
	}
	var acting sync.WaitGroup
	for _, m := range moments {
		acting.Go(func() {
			defer close(m.release)
			select {
			case <-m.reached:
			case <-waiting.Done():
				return
			}
			for _, a := range m.acts {
				if a.do == interrupt {
					c.interrupt(waiting, command)
				} else {
					c.others.perform(a, ids)
				}
			}
		})
	}
	result, err := command.Wait()
	over()
	acting.Wait()
	for _, g := range s {
		c.report.met[label(g.fault)] += g.fault.Times
	}
	for _, left := range c.mock.Unfired() {
		c.report.met[label(left)] -= left.Times
	}
	c.mock.Disarm()
	c.mock.SetReadLag(0)
	return result, err
}

// interrupt is Ctrl-C. It returns when the engine has taken note.
func (c *campaign) interrupt(ctx context.Context, command *engine.Command) {
	if command.Interrupt() == nil { // else it has just ended
		c.heard.waitFor(ctx, "Interrupt received")
	}
}

// ear hears what the engine prints.
type ear struct {
	log io.Writer // gets all of it

	mu   sync.Mutex
	text strings.Builder
	news chan struct{} // closed and replaced when there is more
}

func newEar(log io.Writer) *ear { return &ear{log: log, news: make(chan struct{})} }

// Write implements [io.Writer].
func (e *ear) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text.Write(p)
	close(e.news)
	e.news = make(chan struct{})
	return e.log.Write(p)
}

// reset forgets what was heard; the log gets a heading for what follows.
func (e *ear) reset(heading string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text.Reset()
	_, _ = io.WriteString(e.log, "\n"+heading+"\n")
}

// waitFor blocks until a text was printed, or the context ends.
func (e *ear) waitFor(ctx context.Context, text string) {
	for {
		e.mu.Lock()
		heard, news := strings.Contains(e.text.String(), text), e.news
		e.mu.Unlock()
		if heard {
			return
		}
		select {
		case <-news:
		case <-ctx.Done():
			return
		}
	}
}
