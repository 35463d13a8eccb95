# Precompiled for this system where the package has it so, which makes the first batch of a shell a third faster; else for any.
$system = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
if (-not [System.IO.File]::Exists("$PSScriptRoot/bin/$system/PortMgmt.dll")) {
    $system = 'any'
}
Import-Module -Name "$PSScriptRoot/bin/$system/PortMgmt.dll"
