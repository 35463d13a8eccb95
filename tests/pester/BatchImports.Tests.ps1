# Workers share the tables of types and formats where no operation can load a module: nobody may be able to tell.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # A module that extends both tables.
    $module = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'Extending')
    Set-Content -Path (Join-Path $module 'Extending.psd1') -Value "@{ ModuleVersion = '1.0'; TypesToProcess = 'e.types.ps1xml'; FormatsToProcess = 'e.format.ps1xml' }"
    Set-Content -Path (Join-Path $module 'e.types.ps1xml') -Value @'
<Types><Type><Name>System.Version</Name><Members><NoteProperty><Name>Extended</Name><Value>yes</Value></NoteProperty></Members></Type></Types>
'@
    Set-Content -Path (Join-Path $module 'e.format.ps1xml') -Value @'
<Configuration><ViewDefinitions><View><Name>v</Name><ViewSelectedBy><TypeName>System.Text.StringBuilder</TypeName></ViewSelectedBy>
<CustomControl><CustomEntries><CustomEntry><CustomItem><Text>a builder</Text></CustomItem></CustomEntry></CustomEntries></CustomControl></View></ViewDefinitions></Configuration>
'@
    $manifest = Join-Path $module 'Extending.psd1'
}

Describe 'The tables of types and formats' {
    It 'are those of a runspace of one''s own: <_>' -ForEach @(
        '[datetime]::UnixEpoch.DateTime', '(Get-Process -Id $PID).Name', '(Get-Item /).Mode', '(Get-Item / | Out-String).Trim()', '[pscustomobject]@{ a = $_ } | Out-String'
        '[version]"1.2" | ConvertTo-Json', '[version]"1.2" | Out-String', '@{ a = 1 }.Count', '$x = [timespan]::FromDays(1); $x | Out-String', '([xml]"<a b=''1''/>").a.b'
    ) {
        $shared = 4 | Start-OperationBatch ([scriptblock]::Create($_))
        $own = 4 | Start-OperationBatch ([scriptblock]::Create("$_; if (`$false) { Import-Module none }"))
        $shared.Status | Should -Be 'Succeeded'
        $shared.Output | Should -Not -BeNullOrEmpty
        $shared.Output | Should -Be $own.Output
    }

    It 'are extended by a module that an operation imports, with <_>' -ForEach @(
        'Import-Module -Name $using:manifest', '& "Import-Module" $using:manifest', '$null = [scriptblock]::Create("Import-Module ''$using:manifest''").Invoke()'
        '$null = $ExecutionContext.InvokeCommand.InvokeScript("Import-Module ''$using:manifest''")', 'Invoke-Expression "Import-Module ''$using:manifest''"'
        '$null = [scriptblock]::Create("Import-Module ''$using:manifest''").("In" + "voke")()', 'function Get-It { Import-Module -Name $using:manifest }; Get-It'
    ) {
        # Runspaces with shared tables lie about, and are not to be taken for this.
        $null = 1..4 | Start-OperationBatch -MaxConcurrent 4 { Start-Sleep -Milliseconds 50 }
        $result = 1 | Start-OperationBatch ([scriptblock]::Create("$_; ([version]'1.2').Extended; ([System.Text.StringBuilder]::new() | Out-String).Trim()"))
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Be 'yes', 'a builder'
    }

    It 'are extended by a module of -Modules' {
        (1 | Start-OperationBatch -Modules $manifest { ([version]'1.2').Extended }).Output | Should -Be 'yes'
    }
}
