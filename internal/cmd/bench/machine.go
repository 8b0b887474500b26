package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// machine says where and with what it was measured.
func (b *bench) machine(ctx context.Context) (string, error) {
	space, err := b.workspace(ctx, "", "")
	if err != nil {
		return "", err
	}
	_, version, err := b.timed(ctx, space, "version")
	if err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(version.Stdout, "\n")
	return fmt.Sprintf("%d cores%s, %s/%s, %s, %s",
		runtime.NumCPU(), memory(), runtime.GOOS, runtime.GOARCH, name, runtime.Version()), nil
}

// memory is how much the machine has, where that is easily known.
func memory() string {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return ""
	}
	total := regexp.MustCompile(`(?m)^MemTotal: +(\d+) kB$`).FindSubmatch(info)
	if total == nil {
		return ""
	}
	kib, _ := strconv.ParseFloat(string(total[1]), 64)
	return fmt.Sprintf(", %.0f GB of memory", kib*1024/1e9)
}
