namespace PortMgmt.Cli.Tests.Support;

/// <summary>
/// Tests that listen while a program looks who does: beside no other. Between fork and exec a new process has every socket
/// of its parent, and for that moment a listener has two owners.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SocketTests
{
    public const string Name = "Sockets";
}
