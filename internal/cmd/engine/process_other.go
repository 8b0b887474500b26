//go:build !unix

package engine

import (
	"os"
	"os/exec"
)

func detach(*exec.Cmd) {}

// interrupt kills: there is no way to interrupt another process here.
func interrupt(process *os.Process) error {
	return process.Kill()
}

func killGroup(*exec.Cmd) {}
