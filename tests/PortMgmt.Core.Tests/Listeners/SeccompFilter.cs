using System.Runtime.InteropServices;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>Forbids netlink sockets to the calling thread for the rest of its life, as strict container profiles do (seccomp(2)).</summary>
internal static unsafe partial class SeccompFilter
{
    private const int SetSeccomp = 22;
    private const int SetNoNewPrivileges = 38;
    private const int FilterMode = 2;

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint NumberOffset = 0;
    private const uint FirstArgumentOffset = 16;
    private const uint NetlinkFamily = 16;
    private const uint Allow = 0x7FFF0000;
    private const uint FailWithNotPermitted = 0x00050001;

    /// <summary>Whether this machine's number of socket(2) is known here.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && SocketCall != 0;

    private static uint SocketCall => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => 41,
        System.Runtime.InteropServices.Architecture.Arm64 => 198,
        _ => 0,
    };

    /// <summary>Installs the filter.</summary>
    /// <returns>Whether the kernel took it.</returns>
    public static bool TryInstall()
    {
        Instruction* program = stackalloc Instruction[]
        {
            new(LoadWord, 0, 0, NumberOffset),
            new(JumpIfEqual, 0, 3, SocketCall),
            new(LoadWord, 0, 0, FirstArgumentOffset),
            new(JumpIfEqual, 0, 1, NetlinkFamily),
            new(Return, 0, 0, FailWithNotPermitted),
            new(Return, 0, 0, Allow),
        };
        Program filter = new(6, program);
        return Control(SetNoNewPrivileges, 1, 0, 0, 0) == 0 && Control(SetSeccomp, FilterMode, (nint)(&filter), 0, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint second, nint third, nint fourth, nint fifth);

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Program(ushort length, Instruction* first)
    {
        public readonly ushort Length = length;
        public readonly Instruction* First = first;
    }
}
