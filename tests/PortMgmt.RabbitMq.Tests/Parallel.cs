using Xunit.Sdk;
using Xunit.v3;

// Most of them wait for a broker, or for a time to pass, and each has a cluster of its own: more than there are processors.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 4)]
