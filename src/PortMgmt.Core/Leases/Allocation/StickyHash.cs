namespace PortMgmt.Leases.Allocation;

/// <summary>
/// A hash of a name that is the same in every process, on every machine and in every version: 64-bit FNV-1a
/// (Fowler, Noll, Vo; RFC 9923) over the lower-case ASCII letters.
/// </summary>
internal static class StickyHash
{
    private const ulong Start = 0xCBF29CE484222325;

    /// <summary>The hash of a name in a scope; without one, of the name alone.</summary>
    public static ulong Compute(string name, string scope) =>
        scope.Length == 0 ? Continue(Start, name) : Continue(Continue(Continue(Start, scope), "\n"), name);

    /// <summary>The hash of a text.</summary>
    public static ulong Compute(string text) => Continue(Start, text);

    private static ulong Continue(ulong hash, string text)
    {
        foreach (char letter in text)
        {
            hash ^= char.ToLowerInvariant(letter);
            hash *= 0x100000001B3;
        }

        return hash;
    }
}
