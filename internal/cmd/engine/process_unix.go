//go:build unix

package engine

import (
	"os"
	"os/exec"
	"syscall"
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
