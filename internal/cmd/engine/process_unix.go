//go:build unix

package engine

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// detach gives the command a process group of its own.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interrupt(process *os.Process) error {
	return process.Signal(os.Interrupt)
}

// killGroup ends whatever is left of a finished command's process group.
func killGroup(cmd *exec.Cmd) {
	// An error means that nothing was left.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// PeakMemory is the most memory, in bytes, that a process has had at one time; 0 where that is not
// known.
func PeakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	peak := int64(usage.Maxrss) //nolint:unconvert // narrower on 32-bit systems
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		peak *= 1024 // elsewhere it comes in KiB
	}
	return peak
}

// groupEnds waits for the end of a finished command's process group, and reports whether it came.
func groupEnds(cmd *exec.Cmd, within time.Duration) bool {
	ended := func() bool { return errors.Is(syscall.Kill(-cmd.Process.Pid, 0), syscall.ESRCH) }
	if ended() {
		return true
	}
	deadline := time.After(within)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ended() {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}
