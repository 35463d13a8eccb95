using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// In the machine-wide directory everybody may make files, and so stand something under the name of the table or the lock before
/// they are made: nobody could lease. Who may remove it, its user or root, does so by his next call; anybody else is told what it
/// is and who can.
/// </summary>
internal static class RegistryObstacle
{
    /// <summary>Removes what stands under a file's name.</summary>
    /// <returns>Whether something did, and is gone.</returns>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryAccessDenied"/> when it is another user's.</exception>
    public static bool Clear(HostPlatform platform, string path)
    {
        if (platform.FindObstacle(path) is not { } obstacle)
        {
            return false;
        }

        if (!platform.MayRemove(path))
        {
            string owner = platform.GetUserName(obstacle.UserId);
            throw new PortRegistryException(
                PortRegistryErrorCode.RegistryAccessDenied,
                $"The machine-wide registry cannot be used: in place of its file '{path}' there is {obstacle.What} of user {owner}. Only that user and an administrator can remove it; "
                + "any call of an administrator does (sudo portmgmt registry).");
        }

        Remove(path);
        return true;
    }

    // Nothing of a stranger's is followed, gone through or given rights: what it is may change meanwhile. It gets another name, in one step.
    private static void Remove(string path)
    {
        FileAttributes attributes = File.GetAttributes(path);
        string aside = $"{path}.in-the-way-{Guid.NewGuid():N}";
        if ((attributes & FileAttributes.ReparsePoint) != 0)
        {
            File.Delete(path);
        }
        else if ((attributes & FileAttributes.Directory) != 0)
        {
            Directory.Move(path, aside);
        }
        else
        {
            File.Move(path, aside);
        }
    }
}
