namespace PortMgmt.Tests.Cluster;

/// <summary>An object of no type that JSON knows, with another in it.</summary>
public sealed record Level(int Name, Level? Inner)
{
    public override string ToString() => $"level {Name}";
}
