using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>
/// Tests that open sockets, and those that start programs: one after another, and beside no other. Between fork and exec a new
/// process has every socket and lock of its parent, so that a listener seems to have two owners, or to outlive its end.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SocketsAndPrograms
{
    public const string Name = "Sockets and programs";
}
