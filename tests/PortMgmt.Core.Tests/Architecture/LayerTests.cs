using System.Reflection;
using PortMgmt.Cluster;
using PortMgmt.Leases;
using PortMgmt.Operations.Errors;
using Xunit;

namespace PortMgmt.Core.Tests.Architecture;

/// <summary>The rooms of the core and which of them may know which: downwards only. docs/architecture.md draws them.</summary>
public sealed class LayerTests
{
    /// <summary>Each room with what it may refer to, the lowest first: a room names only rooms above it in this list.</summary>
    private static readonly (string Room, string[] May)[] Rooms =
    [
        ("Ports", []),
        ("Text", []),
        ("Platform", ["Ports"]),
        ("Listeners", ["Ports", "Platform"]),
        ("Leases", ["Ports", "Text", "Platform", "Listeners"]),
        ("Metrics", []),
        ("Metrics.Recording", ["Metrics"]),
        ("Operations", ["Text", "Platform", "Metrics", "Metrics.Recording"]),
        ("Advice", ["Metrics", "Operations"]),
        ("Reports", ["Text", "Metrics", "Operations", "Advice"]),
        ("Cluster", ["Text", "Metrics", "Operations"]),
        ("Heads", ["Ports", "Platform", "Listeners", "Leases", "Metrics", "Operations"]),
    ];

    private static readonly Assembly Core = typeof(PortRegistry).Assembly;

    [Fact]
    public void Rooms_EveryType_StandsInOne()
    {
        string[] strangers = [.. TypeReferences.TypesOf(Core).Where(type => RoomOf(type) is null).Select(type => type.FullName!)];

        Assert.Empty(strangers);
    }

    [Fact]
    public void Rooms_AnyReference_IsToOneBelow()
    {
        Dictionary<string, string[]> may = Rooms.ToDictionary(room => room.Room, room => room.May);
        List<string> offences = [];
        foreach (Type type in TypeReferences.TypesOf(Core).Where(type => RoomOf(type) is not null))
        {
            string room = RoomOf(type)!;
            foreach ((string member, Type target) in TypeReferences.Of(type))
            {
                if (target.Assembly == Core && RoomOf(target) is { } other && other != room && !may[room].Contains(other))
                {
                    offences.Add($"{room} → {other}: {type.FullName}.{member} refers to {target.FullName}");
                }
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences.Distinct()));
    }

    [Fact]
    public void Rooms_AllOfThem_AreInAnOrderWithoutCycles()
    {
        HashSet<string> below = [];
        foreach ((string room, string[] may) in Rooms)
        {
            Assert.All(may, other => Assert.Contains(other, below));
            Assert.True(below.Add(room), room);
        }
    }

    [Fact]
    public void References_OfMethodBodies_AreFound()
    {
        // A static class is in no signature: it is only called in the middle of a method.
        Assert.Contains(typeof(OptionCheck), TypeReferences.Of(typeof(ClusterName)).Select(reference => reference.Target));
    }

    /// <summary>The room of a type, by its namespace; null for none. What the compiler makes for the whole assembly has none either.</summary>
    private static string? RoomOf(Type type)
    {
        string name = type.Namespace ?? "";
        return Rooms.Select(room => room.Room)
            .Where(room => name == $"PortMgmt.{room}" || name.StartsWith($"PortMgmt.{room}.", StringComparison.Ordinal))
            .MaxBy(room => room.Length);
    }
}
