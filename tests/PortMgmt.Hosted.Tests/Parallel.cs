using Xunit.Sdk;
using Xunit.v3;

// The files of tests/pester are rows of one theory, and each is a process of its own.
[assembly: Parallelization(Mode = ParallelMode.All)]
