using Xunit;

namespace PortMgmt.Tests.Listeners;

/// <summary>
/// Tests that open sockets, and those that start programs: one after another. Between fork and exec a new process has every
/// socket of its parent, so that a listener seems to have two owners, or to outlive its end.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SocketsAndPrograms
{
    public const string Name = "Sockets and programs";
}
