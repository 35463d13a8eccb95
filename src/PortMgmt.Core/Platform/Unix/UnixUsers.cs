using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Unix;

/// <summary>The user database, entry by entry.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class UnixUsers
{
    // The database has one place for all threads of a process.
    private static readonly Lock Gate = new();

    /// <summary>The home directories that it lists.</summary>
    /// <param name="homeIndex">Where struct passwd has the pointer to the home, in pointers from its start.</param>
    public static IReadOnlyList<string> Homes(int homeIndex)
    {
        List<string> homes = [];
        lock (Gate)
        {
            LibC.RewindPasswordEntries();
            for (nint* entry = LibC.GetNextPasswordEntry(); entry != null; entry = LibC.GetNextPasswordEntry())
            {
                if (Marshal.PtrToStringUTF8(entry[homeIndex]) is ['/', _, ..] home)
                {
                    homes.Add(home);
                }
            }

            LibC.ClosePasswordEntries();
        }

        return homes;
    }
}
