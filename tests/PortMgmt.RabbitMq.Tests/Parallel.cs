using Xunit.Sdk;
using Xunit.v3;

// Most of them wait for a broker, or for a time to pass, and each has a cluster of its own: twice as many at once as there are processors (xunit.runner.json).
[assembly: Parallelization(Mode = ParallelMode.All)]
