//go:build !unix

package engine

import (
	"os"
	"os/exec"
	"time"
)

func detach(*exec.Cmd) {}

// interrupt kills: there is no way to interrupt another process here.
func interrupt(process *os.Process) error {
	return process.Kill()
}

func killGroup(*exec.Cmd) {}

// PeakMemory is the most memory, in bytes, that a process has had at one time; 0 where that is not
// known.
func PeakMemory(*os.ProcessState) int64 { return 0 }

// groupEnds cannot tell here, and assumes the best.
func groupEnds(*exec.Cmd, time.Duration) bool { return true }
