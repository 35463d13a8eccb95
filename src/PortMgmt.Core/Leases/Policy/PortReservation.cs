using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Policy;

/// <summary>
/// For whom a port is reserved: a name in every scope (<c>web</c>), or in one (<c>web in /srv/shop</c>). A name has no blank, so the
/// first one parts them.
/// </summary>
internal static class PortReservation
{
    private const string In = " in ";

    public static string Key(string name, string scope) => scope.Length == 0 ? name : name + In + scope;

    public static (string Name, string Scope) Split(string key)
    {
        int at = key.IndexOf(' ', StringComparison.Ordinal);
        return at > 0 && key.Length > at + In.Length && key.AsSpan(at).StartsWith(In) ? (key[..at], key[(at + In.Length)..]) : (key, "");
    }

    /// <summary>Refuses what is neither.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void Check(string key)
    {
        (string name, string scope) = Split(key);
        LeaseName.Check(name);
        if (LeaseScope.Check(scope) != scope)
        {
            throw PortRefusals.Invalid($"A port cannot be reserved in the scope '{scope}', which is longer than a lease has room for: write it as lists show it, '{LeaseScope.Check(scope)}'.");
        }
    }

    /// <summary>For whom, in a sentence.</summary>
    public static string Describe(string key)
    {
        (string name, string scope) = Split(key);
        return scope.Length == 0 ? $"the name '{name}'" : $"the name '{name}' in the scope '{scope}'";
    }
}
