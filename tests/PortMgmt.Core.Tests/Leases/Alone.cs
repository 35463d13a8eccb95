using Xunit;

namespace PortMgmt.Core.Tests.Leases;

/// <summary>Tests that look at or change what belongs to the whole process, and so run beside no other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
