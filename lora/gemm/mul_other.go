//go:build !amd64

package gemm

func best() kernel { return portable }

func (x *product) mul(kernel) { x.mulPortable() }
