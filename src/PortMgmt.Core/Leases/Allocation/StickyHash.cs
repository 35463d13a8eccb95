namespace PortMgmt.Leases.Allocation;

/// <summary>
/// A hash of a name that is the same in every process, on every machine and in every version: 64-bit FNV-1a
/// (Fowler, Noll, Vo; RFC 9923) over the lower-case ASCII letters.
/// </summary>
internal static class StickyHash
{
    public static ulong Compute(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
        {
            hash ^= char.ToLowerInvariant(letter);
            hash *= 0x100000001B3;
        }

        return hash;
    }
}
