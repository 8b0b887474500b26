package main

import (
	"fmt"
	"io"
	"strings"
)

// stage is where the audience looks.
type stage struct {
	w     io.Writer
	color bool
}

const (
	bold  = "1"
	dim   = "2"
	green = "32"
)

func (s stage) paint(style, text string) string {
	if !s.color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// heading opens an act and says what to look at.
func (s stage) heading(title, look string) {
	fmt.Fprintf(s.w, "\n%s\n%s\n\n", s.paint(bold, "== "+title), look)
}

// prompt shows a command as a user types it.
func (s stage) prompt(command ...string) {
	fmt.Fprintf(s.w, "%s\n", s.paint(bold, "$ "+strings.Join(command, " ")))
}

// aside tells what happens outside of Terraform.
func (s stage) aside(format string, args ...any) {
	fmt.Fprintln(s.w, s.paint(dim, "# "+fmt.Sprintf(format, args...)))
}

// held says what was checked.
func (s stage) held(format string, args ...any) {
	fmt.Fprintf(s.w, "%s %s\n", s.paint(green, "✓"), fmt.Sprintf(format, args...))
}
