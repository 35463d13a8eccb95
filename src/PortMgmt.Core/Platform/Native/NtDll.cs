using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Native;

/// <summary>The call of Windows' native interface that tells of all processes, whoever's they are.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class NtDll
{
    /// <summary>SystemProcessInformation.</summary>
    public const int Processes = 5;

    /// <summary>STATUS_INFO_LENGTH_MISMATCH: the buffer is too short.</summary>
    public const int TooShort = unchecked((int)0xC000_0004);

    [LibraryImport("ntdll", EntryPoint = "NtQuerySystemInformation")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int QuerySystem(int kind, byte* buffer, uint length, uint* needed);
}
