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

    /// <summary>A text of a user's entry; null where there is none, or the database cannot be asked.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="index">Where struct passwd has the pointer to it, in pointers from its start.</param>
    public static string? Read(uint userId, int index)
    {
        nint* entry = stackalloc nint[16];
        byte[] buffer = new byte[1024];
        while (true)
        {
            nint* found;
            int error;
            fixed (byte* text = buffer)
            {
                error = LibC.GetPasswordEntry(userId, entry, text, (nuint)buffer.Length, &found);
                if (error == 0)
                {
                    return found == null ? null : Marshal.PtrToStringUTF8(entry[index]);
                }
            }

            // ERANGE: an entry may be of any length. Anything else: the database cannot be asked.
            if (error != 34 || buffer.Length > 1 << 20)
            {
                return null;
            }

            buffer = new byte[buffer.Length * 4];
        }
    }
}
